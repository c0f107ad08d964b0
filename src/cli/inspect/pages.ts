import type { Page } from './inspector-server.ts';
import { STATELY } from './stately-origin.ts';

/** The pages as the build has bundled them: one text each, whose style and script are inside. */
export type BuiltPages = Readonly<Record<'viewer' | 'bridge', string>>;

/** The pictures by their names: those of the machines, and of some a simple one as well, as `job simple`. */
export type Pictures = Readonly<Record<string, string>>;

/** A page of our own that lights up where each chart is. It loads nothing from anywhere. */
export function viewerPage(built: BuiltPages, pictures: Pictures): Page {
  const templates = Object.entries(pictures).map(
    ([name, svg]) => `<template data-picture="${name}">${svg}</template>`,
  );
  const html = built.viewer.replace('<!-- pictures -->', () => templates.join('\n'));
  return { policy: 'img-src data:', html: (nonce) => withNonce(html, nonce) };
}

/** A page with Stately's inspector in a frame, which it sends what happens. */
export function bridgePage(built: BuiltPages): Page {
  return { policy: `frame-src ${STATELY}`, html: (nonce) => withNonce(built.bridge, nonce) };
}

const withNonce = (html: string, nonce: string): string =>
  html.replace('<script>', () => `<script nonce="${nonce}">`);
