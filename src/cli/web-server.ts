import { readFileSync } from 'node:fs';
import type { Target } from '../library/request.ts';
import type { DrawnArrows } from '../plan/taken-arrows.ts';
import { serveLoopback, type Loopback } from './serve/loopback-server.ts';
import type { WebSettings } from './web/messages.ts';
import { WebSite } from './web/web-site.ts';

const PAGES = new URL('./pages.json', import.meta.url);
/** The one that the page shows of a job's chart. */
const PICTURE = 'job simple';
const DRAWN = new URL('./drawn-charts.json', import.meta.url);

export interface WebOptions extends WebSettings {
  readonly port: number;
}

/** Serves the page on loopback, at an address with a secret. Rejects with what the system says. */
export function serveWeb(target: Target, { port, readOnly }: WebOptions): Promise<Loopback> {
  const { web } = JSON.parse(readFileSync(PAGES, 'utf8')) as { readonly web: string };
  const { pictures, arrows } = JSON.parse(readFileSync(DRAWN, 'utf8')) as {
    readonly pictures: Readonly<Record<string, string>>;
    readonly arrows: Readonly<Record<string, DrawnArrows>>;
  };
  const settings = `<script type="application/json" id="settings">${JSON.stringify({ readOnly })}</script>`;
  const chart = `<template id="chart">${pictures[PICTURE] ?? ''}</template>`;
  const html = web.replace('<!-- settings -->', () => settings + chart);
  const site = new WebSite(target, { html, arrows: arrows[PICTURE] ?? {}, readOnly });
  return serveLoopback(port, (request, response, path) => site.answer(request, response, path));
}
