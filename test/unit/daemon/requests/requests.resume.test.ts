import { Requests } from '../../../../src/daemon/requests/requests.ts';
import type { JobRequest } from '../../../../src/daemon/requests/context.ts';
import { RequestsStage } from '../../../support/requests-stage.ts';

const peer = { client: null, reply: () => undefined, onGone: () => undefined };
const DB = { jobs: ['db'] };

const REQUESTS: readonly JobRequest[] = [
  { name: 'status', jobs: [] },
  { name: 'why', job: 'db' },
  { name: 'wait', ...DB, state: 'stopped' },
  { name: 'inspect', ...DB },
  { name: 'signal', ...DB, signal: 'HUP' },
  { name: 'stdin', ...DB },
  { name: 'plan', configDir: '/wrong', allowEmpty: false },
  { name: 'apply', configDir: '/wrong', allowEmpty: false, wait: true },
  { name: 'apply', configDir: '/c', allowEmpty: false, wait: true },
  { name: 'start', ...DB, all: false, wait: true },
  { name: 'restart', ...DB, all: false, wait: true },
  { name: 'stop', ...DB, all: false },
  { name: 'stop', jobs: ['none'], all: false },
];

const cases = REQUESTS.map((request) => [JSON.stringify(request), request] as const);

test.each(cases)('the request %s of a new daemon sets its restored jobs in motion', async (_, request) => {
  const stage = new RequestsStage();
  await stage.apply({ web: {}, db: {} });
  stage.configs.set('/c', { web: {}, db: {} });
  stage.crash();
  stage.exit('web', { code: 3, signal: null });
  await stage.settle();
  expect(stage.alive).toEqual(['db']);
  void new Requests(stage.requestContext()).handle(request, peer);
  await stage.settle();
  expect(stage.alive).toContain('web');
});
