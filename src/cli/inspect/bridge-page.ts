import type { Page } from './inspector-server.ts';

/** Where Stately's inspector is. */
const INSPECTOR = 'https://stately.ai';

/** A page with Stately's inspector in it, which passes on what happens as soon as the inspector says that it is there. */
export const BRIDGE_PAGE: Page = {
  policy: `frame-src ${INSPECTOR}`,
  html: (nonce) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>overseer · Stately inspector</title>
<style>
:root{color-scheme:light dark}
body{margin:0;display:flex;flex-direction:column;height:100vh;font:13px/1.5 Helvetica,Arial,sans-serif}
p{margin:0;padding:6px 12px}
iframe{flex:1;border:0}
</style>
<p id="note" role="status">Waiting for ${INSPECTOR}/inspect. Without a way out to it, <a href="local">the same charts from here</a>.</p>
<iframe id="inspector" src="${INSPECTOR}/inspect" title="Stately inspector" referrerpolicy="no-referrer"></iframe>
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`,
};

const SCRIPT = String.raw`
const inspector = document.getElementById('inspector');
const note = document.getElementById('note');
let source = null;
// Each time that the inspector begins anew it is told everything from the start.
addEventListener('message', ({ origin, data }) => {
  if (origin !== '${INSPECTOR}' || data === null || data.type !== '@statelyai.connected') return;
  note.hidden = true;
  if (source !== null) source.close();
  source = new EventSource('events');
  source.onmessage = ({ data }) => inspector.contentWindow.postMessage(JSON.parse(data), '${INSPECTOR}');
  source.addEventListener('ended', ({ data }) => {
    source.close();
    note.hidden = false;
    note.textContent = JSON.parse(data).why;
  });
});
`;
