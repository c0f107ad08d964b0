import type { InspectedCharts } from '../../../../src/cli/inspect/inspected-charts.ts';
import { serveInspector, type InspectorServer } from '../../../../src/cli/inspect/inspector-server.ts';
import type { Inspection } from '../../../../src/wire/messages.ts';
import { askPage } from '../../../support/asked-page.ts';

let server: InspectorServer;
let cleared: number;
beforeEach(async () => {
  cleared = 0;
  const charts = {
    take: ({ id }: Inspection) => ({ step: id }),
    present: () => [{ step: 'now' }],
    has: (id: string) => id === 'job:web@2',
    clear: () => (cleared += 1),
  } as unknown as InspectedCharts;
  server = await serveInspector({
    port: 0,
    charts,
    historyOf: (job) => Promise.resolve([{ job }] as never),
    pages: {
      '': { html: () => 'first', policy: 'img-src data:' },
      stately: { html: () => 'second', policy: '' },
    },
  });
});
afterEach(() => server.end('over'));

const step = (id: string): Inspection => ({ id }) as Inspection;

/** Reads the stream of steps until this has come; calls when it has begun. */
const follow = async (last: string, meanwhile: () => void): Promise<string> => {
  let hasBegun = false;
  const { text, headers } = await askPage(`${server.url}events`, {
    until: (so) => {
      if (!hasBegun && so.includes('"now"')) {
        hasBegun = true;
        meanwhile();
      }
      return so.includes(last);
    },
  });
  expect(headers['content-type']).toBe('text/event-stream');
  return text;
};

test('a viewer gets the charts as they are, and then each step', async () => {
  const text = await follow('"two"', () => {
    server.take(step('one'));
    server.take(step('two'));
  });
  expect(text).toBe(
    'retry: 1000\n\ndata: {"step":"now"}\n\ndata: {"step":"one"}\n\ndata: {"step":"two"}\n\n',
  );
});

test('a daemon that is lost is told once, also to a later reader, and so is the next one', async () => {
  const text = await follow('"one"', () => {
    server.lose('it ended');
    server.lose('it ended again');
    server.take(step('one'));
  });
  expect(text.split('\n').filter((line) => line.startsWith('event'))).toEqual([
    'event: lost',
    'event: found',
  ]);
  expect([text.includes('it ended again'), cleared]).toEqual([false, 1]);
  server.lose('gone');
  const later = await askPage(`${server.url}events`, { until: (so) => so.includes('lost') });
  expect(later.text).toContain('data: {"why":"gone"}');
});

test('the end is told to every viewer, and no more are let in', async () => {
  const text = await follow('ended', () => server.end('Nobody inspects.'));
  expect(text).toContain('event: ended\ndata: {"why":"Nobody inspects."}\n\n');
  await expect(askPage(server.url)).rejects.toThrow();
});

test('the pages and the history of a job that is inspected are answered, and nothing else', async () => {
  const asked = async (path: string, method = 'GET'): Promise<unknown> => {
    const { code, text } = await askPage(`${server.url}${path}`, { method });
    return [code, text];
  };
  expect([await asked(''), await asked('stately'), await asked('history/web%402')]).toEqual([
    [200, 'first'],
    [200, 'second'],
    [200, '[{"job":"web@2"}]'],
  ]);
  expect([
    await asked('none'),
    await asked('toString'),
    await asked('history/db'),
    await asked('history/%E0%A4'),
    await asked('', 'POST'),
  ]).toEqual([
    [404, ''],
    [404, ''],
    [404, ''],
    [404, ''],
    [405, ''],
  ]);
});

test('sixteen viewers are let in at once, and the next one is sent away', async () => {
  const viewers: Promise<string>[] = [];
  let begun = 0;
  for (let count = 0; count < 16; count += 1) viewers.push(follow('ended', () => (begun += 1)));
  while (begun < 16) await new Promise((resolve) => setTimeout(resolve, 2));
  expect((await askPage(`${server.url}events`)).code).toBe(503);
  server.end('over');
  expect((await Promise.all(viewers)).every((text) => text.includes('over'))).toBe(true);
});

test('a viewer that leaves makes room for another', async () => {
  for (let count = 0; count < 40; count += 1) await follow('now', () => undefined);
});

test('a daemon that was found again is not announced with each step', async () => {
  const text = await follow('"two"', () => {
    server.lose('it ended');
    server.take(step('one'));
    server.take(step('two'));
  });
  expect(text.match(/event: \w+/g)).toEqual(['event: lost', 'event: found']);
});
