import { readFileSync } from 'node:fs';
import { type InspectorOptions, type InspectorServer, serveInspector } from './inspect/inspector-server.ts';
import {
  type ArrowsOfPictures,
  bridgePage,
  type BuiltPages,
  type Pictures,
  viewerPage,
} from './inspect/pages.ts';
import { InspectedCharts } from './inspect/inspected-charts.ts';
import type { Definitions } from './inspect/stately.ts';

export type { InspectorServer } from './inspect/inspector-server.ts';

/** Charts that the build has drawn: laying them out takes seconds. */
const DRAWN = new URL('./drawn-charts.json', import.meta.url);
const PAGES = new URL('./pages.json', import.meta.url);

interface DrawnCharts {
  readonly definitions: Definitions;
  readonly pictures: Pictures;
  readonly arrows: ArrowsOfPictures;
}

/** The path of the page with Stately's inspector. */
export const STATELY_PAGE = 'stately';

/**
 * Begins to serve the pages that show the charts at work: our own, and the one with Stately's inspector, to
 * which it has a link.
 */
export async function startInspector(
  options: Pick<InspectorOptions, 'port' | 'historyOf'>,
): Promise<InspectorServer> {
  const { definitions, pictures, arrows } = JSON.parse(readFileSync(DRAWN, 'utf8')) as DrawnCharts;
  const built = JSON.parse(readFileSync(PAGES, 'utf8')) as BuiltPages;
  const viewer = viewerPage(built, pictures, arrows);
  const pages = { '': viewer, local: viewer, [STATELY_PAGE]: bridgePage(built, definitions) };
  return serveInspector({ ...options, pages, charts: new InspectedCharts() });
}
