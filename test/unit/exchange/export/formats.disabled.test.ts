import { wordsCommand } from '../../../../src/exchange/commands.ts';
import { JobDraft } from '../../../../src/exchange/draft.ts';
import { HERE } from '../../../support/exchange/export-of.ts';
import { exportJobs } from '../../../../src/exchange/export-jobs.ts';
import type { ExportFormat } from '../../../../src/exchange/format-names.ts';
import { parse } from 'yaml';

/** A job that is not enabled, one that is, and one that comes after both. */
function exported(format: ExportFormat): Readonly<Record<string, string>> {
  const draft = (name: string): JobDraft =>
    new JobDraft(name, { file: 'x', line: 1 }).set('job_command', wordsCommand(['sleep', '1000']));
  const drafts = [draft('off').set('enabled', false), draft('on'), draft('web').set('after', ['off', 'on'])];
  return Object.fromEntries(exportJobs(drafts, format, HERE).files.map(({ name, text }) => [name, text]));
}

test('systemd does not start a disabled job because another comes after it', () => {
  const files = exported('systemd');
  const linesOf = (name: string): readonly string[] => (files[name] ?? '').split('\n');
  expect(linesOf('off.service')).not.toContain('[Install]');
  expect(linesOf('web.service').slice(0, 5)).toEqual([
    '[Unit]',
    'After=off.service on.service',
    'Wants=on.service',
    'Requisite=off.service',
    'StartLimitIntervalSec=0',
  ]);
});

test('compose takes a service that comes after one whose profile is off', () => {
  const { services } = parse(Object.values(exported('compose'))[0] ?? '') as {
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  expect([services['off']?.['profiles'], services['on']?.['profiles']]).toEqual([['disabled'], undefined]);
  expect(services['web']?.['depends_on']).toEqual({
    off: { condition: 'service_started', required: false },
    on: { condition: 'service_started' },
  });
});
