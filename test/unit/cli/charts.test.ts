import { arrowsOf, drawAll, drawChart } from '../../../src/cli/charts.ts';

const draw = (format: Parameters<typeof drawChart>[1], simple = false): Promise<string> =>
  drawChart('client', format, { simple });

test('a chart is drawn in each format', async () => {
  expect(await draw('text')).toMatch(/^client\n {2}\w/);
  expect(JSON.parse(await draw('json'))).toMatchObject({ id: 'client' });
  expect(await draw('mermaid')).toMatch(/^stateDiagram-v2\n/);
  expect(await draw('dot')).toMatch(/^digraph "client" \{\n/);
});

test('all charts are in one text, one object, or after a comment with the name of each', async () => {
  const all = (format: Parameters<typeof drawAll>[0]): Promise<string> => drawAll(format, { simple: false });
  expect((await all('text')).match(/^\w+$/gm)).toEqual(['daemon', 'client', 'job']);
  expect(Object.keys(JSON.parse(await all('json')) as object)).toEqual(['daemon', 'client', 'job']);
  expect((await all('mermaid')).match(/^%% \w+$/gm)).toEqual(['%% daemon', '%% client', '%% job']);
  expect((await all('dot')).match(/^\/\/ \w+$/gm)).toEqual(['// daemon', '// client', '// job']);
});

test('a simple drawing has few words, and of the job only the life of its child', async () => {
  const [whole, simple] = [await draw('mermaid'), await draw('mermaid', true)];
  expect(simple.length).toBeLessThan(whole.length);
  const job = await drawChart('job', 'mermaid', { simple: true });
  expect(job.match(/ as job_child_\w+/g)?.length).toBe(9);
  expect(await drawChart('job', 'mermaid', { simple: false })).toContain('as job_want');
});

test('the arrows of a picture are those of the chart, or those that lead to its few boxes', () => {
  const [all, few] = [arrowsOf('job', { simple: false }), arrowsOf('job', { simple: true })];
  expect(Object.values(all).every(({ from }) => from !== null)).toBe(true);
  expect(Object.values(few).every(({ from, to }) => from === null && to.startsWith('job.child.'))).toBe(true);
  // Another chart has all of its arrows in its simple picture too.
  expect(arrowsOf('client', { simple: true })).toEqual(arrowsOf('client', { simple: false }));
});
