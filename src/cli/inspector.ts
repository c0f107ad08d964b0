import { drawChart } from './charts.ts';
import { BRIDGE_PAGE } from './inspect/bridge-page.ts';
import { type InspectorServer, serveInspector } from './inspect/inspector-server.ts';
import { InspectedCharts } from './inspect/stately.ts';
import { viewerPage } from './inspect/viewer/page.ts';

export type { InspectorServer } from './inspect/inspector-server.ts';

/** Begins to serve the page that shows the charts at work: our own, and, unless only that is wanted, the one with Stately's inspector before it. */
export async function startInspector({ port, local }: { readonly port: number; readonly local: boolean }): Promise<InspectorServer> {
  const [daemon, job, whole, simple] = await Promise.all([
    drawChart('daemon', 'json', { simple: false }),
    drawChart('job', 'json', { simple: false }),
    drawChart('daemon', 'svg', { simple: false }),
    drawChart('job', 'svg', { simple: true }),
  ]);
  const viewer = viewerPage({ daemon: whole, job: await drawChart('job', 'svg', { simple: false }), 'job simple': simple });
  const pages = local ? { '': viewer } : { '': BRIDGE_PAGE, local: viewer };
  return serveInspector({ port, pages, charts: new InspectedCharts({ daemon: compact(daemon), job: compact(job) }) });
}

const compact = (json: string): string => JSON.stringify(JSON.parse(json));
