import { applyTo, planId, planOf } from '../../library/plan-of.ts';
import { requestOf, type Target } from '../../library/request.ts';
import type { Report } from '../../wire/messages.ts';
import type { WebAction } from './messages.ts';

/**
 * Does what a viewer asks for. Resolves to the report; to null where the plan has changed since it was shown.
 */
export async function steer(target: Target, asked: WebAction): Promise<Report | null> {
  switch (asked.action) {
    case 'apply':
      return planId(await planOf(target)) === asked.plan ? applyTo(target) : null;
    case 'stop':
      return requestOf<'stop'>(target, {
        request: { name: 'stop', jobs: asked.jobs, all: false },
        signals: [],
      });
    case 'start':
    case 'restart':
      return requestOf<'start' | 'restart'>(target, {
        request: { name: asked.action, jobs: asked.jobs, all: false, wait: true },
        signals: [],
      });
    default:
      return asked satisfies never;
  }
}
