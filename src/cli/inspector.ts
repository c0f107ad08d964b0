import { readFileSync } from 'node:fs';
import { BRIDGE_PAGE } from './inspect/bridge-page.ts';
import { type InspectorServer, serveInspector } from './inspect/inspector-server.ts';
import { type Definitions, InspectedCharts } from './inspect/stately.ts';
import { type Pictures, viewerPage } from './inspect/viewer/page.ts';

export type { InspectorServer } from './inspect/inspector-server.ts';

/** What the build has drawn of the charts: to lay them out takes seconds, in which nobody wants to wait for a page. */
const DRAWN = new URL('./drawn-charts.json', import.meta.url);

interface DrawnCharts {
  readonly definitions: Definitions;
  readonly pictures: Pictures;
}

/** Begins to serve the page that shows the charts at work: our own, and, unless only that is wanted, the one with Stately's inspector before it. */
export async function startInspector({
  port,
  local,
}: {
  readonly port: number;
  readonly local: boolean;
}): Promise<InspectorServer> {
  const { definitions, pictures } = JSON.parse(readFileSync(DRAWN, 'utf8')) as DrawnCharts;
  const viewer = viewerPage(pictures);
  const pages = local ? { '': viewer } : { '': BRIDGE_PAGE, local: viewer };
  return serveInspector({ port, pages, charts: new InspectedCharts(definitions) });
}
