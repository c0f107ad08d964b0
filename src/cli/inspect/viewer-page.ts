import type { Page } from './inspector-server.ts';
import { VIEWER_SCRIPT } from './viewer-script.ts';
import { VIEWER_STYLE } from './viewer-style.ts';

/** The pictures by their names: those of the machines, and of some a simple one as well, as `job simple`. */
export type Pictures = Readonly<Record<string, string>>;

/** A page of our own that lights up where each chart is. It loads nothing from anywhere. */
export function viewerPage(pictures: Pictures): Page {
  const templates = Object.entries(pictures).map(([name, svg]) => `<template data-picture="${name}">${svg}</template>`);
  return {
    policy: 'img-src data:',
    html: (nonce) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>overseer</title>
<style>${VIEWER_STYLE}</style>
<nav aria-label="charts">
  <h1>overseer</h1>
  <p id="line" role="status">connecting …</p>
  <ul id="charts"></ul>
</nav>
<main>
  <header>
    <h2 id="name"></h2>
    <p id="state"></p>
    <label id="whole" hidden><input type="checkbox"> whole chart</label>
  </header>
  <div id="picture"></div>
</main>
<aside aria-label="last events">
  <h2>Last events</h2>
  <ol id="events" reversed></ol>
  <details><summary>Context</summary><pre id="context"></pre></details>
</aside>
${templates.join('\n')}
<script nonce="${nonce}">${VIEWER_SCRIPT}</script>
</html>
`,
  };
}
