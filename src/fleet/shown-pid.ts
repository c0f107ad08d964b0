import type { Child } from '../../machines/job.ts';

/**
 * The pid that users see: the program's own. A child's `pid` is that of its group and session, which a shell
 * beside the program may lead.
 */
export function shownPid(child: Pick<Child, 'pid' | 'program'> | null | undefined): number | null {
  return child?.program ?? child?.pid ?? null;
}
