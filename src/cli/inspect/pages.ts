import type { DrawnArrows } from '../../plan/taken-arrows.ts';
import type { Page } from './inspector-server.ts';
import type { Definitions } from './stately.ts';
import { STATELY } from './stately-origin.ts';

/** The pages as the build has bundled them: one text each, whose style and script are inside. */
export type BuiltPages = Readonly<Record<'viewer' | 'bridge', string>>;

/** The pictures by name: one of each machine, and simple ones such as `job simple`. */
export type Pictures = Readonly<Record<string, string>>;

/** The arrows of each picture, by its name. */
export type ArrowsOfPictures = Readonly<Record<string, DrawnArrows>>;

/** A page of our own that lights up where each chart is. It loads nothing from anywhere. */
export function viewerPage(built: BuiltPages, pictures: Pictures, arrows: ArrowsOfPictures): Page {
  const templates = Object.entries(pictures).map(
    ([name, svg]) => `<template data-picture="${name}">${svg}</template>`,
  );
  const html = built.viewer.replace('<!-- pictures -->', () =>
    [...templates, dataOf('arrows', arrows)].join('\n'),
  );
  return { policy: 'img-src data:', html: (nonce) => withNonce(html, nonce) };
}

/** A page with Stately's inspector in a frame, which it sends what happens. */
export function bridgePage(built: BuiltPages, definitions: Definitions): Page {
  const html = built.bridge.replace('<!-- definitions -->', () => dataOf('definitions', definitions));
  return { policy: `frame-src ${STATELY}`, html: (nonce) => withNonce(html, nonce) };
}

const withNonce = (html: string, nonce: string): string =>
  html.replace('<script>', () => `<script nonce="${nonce}">`);

/** Data that a page finds by an id; in JSON a `<` may stand as an escape. */
const dataOf = (id: string, data: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
