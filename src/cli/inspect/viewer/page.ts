import type { Page } from '../inspector-server.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** The pictures by their names: those of the machines, and of some a simple one as well, as `job simple`. */
export type Pictures = Readonly<Record<string, string>>;

/** A page of our own that lights up where each chart is. It loads nothing from anywhere. */
export function viewerPage(pictures: Pictures): Page {
  const templates = Object.entries(pictures).map(
    ([name, svg]) => `<template data-picture="${name}">${svg}</template>`,
  );
  return {
    policy: 'img-src data:',
    html: (nonce) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>overseer</title>
<style>${STYLE}</style>
<nav aria-label="charts">
  <h1>overseer</h1>
  <p id="line" role="status">connecting …</p>
  <p id="counts"></p>
  <input id="search" type="search" placeholder="name or state  ( / )" aria-label="Show only jobs with these words in their name or state" autocomplete="off" spellcheck="false" hidden>
  <ul id="charts"></ul>
  <p id="none" hidden></p>
</nav>
<main>
  <header>
    <h2 id="name"></h2>
    <p id="state"><i class="dot"></i><span></span></p>
    <p id="facts"></p>
    <div id="tools">
      <button id="whole" aria-pressed="false" title="The whole chart: what is wanted, the test and the process (w)" hidden>whole chart</button>
      <button id="out" title="Smaller (-)" aria-label="smaller">−</button>
      <button id="fit" title="As large as there is room (0)">fit</button>
      <button id="in" title="Larger (+)" aria-label="larger">+</button>
    </div>
  </header>
  <div id="picture"></div>
</main>
<aside aria-label="events">
  <h2>Events</h2>
  <p id="quiet">None since this page was opened.</p>
  <ol id="events" reversed></ol>
  <details><summary>Context</summary><pre id="context"></pre></details>
</aside>
${templates.join('\n')}
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`,
  };
}
