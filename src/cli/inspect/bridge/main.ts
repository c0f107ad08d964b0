import type { ShownStep } from '../inspected-charts.ts';
import { type Definitions, statelyMessages } from '../stately.ts';
import { STATELY } from '../stately-origin.ts';

/** How long the inspector may take to report that it is there. */
const PATIENCE_MS = 10_000;

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const inspector = byId('inspector') as HTMLIFrameElement;
const definitions = JSON.parse(byId('definitions').textContent) as Definitions;
let source: EventSource | null = null;

show('waiting');
// A browser does not tell whether the frame was refused: it is silent then, too.
const patience = setTimeout(() => show('silent'), PATIENCE_MS);

// Each time the inspector starts over, it is sent everything from the beginning.
addEventListener('message', ({ origin, data }: MessageEvent<{ readonly type?: string } | null>) => {
  if (origin !== STATELY || data?.type !== '@statelyai.connected') return;
  clearTimeout(patience);
  show('connected');
  source?.close();
  source = follow();
});

function follow(): EventSource {
  const events = new EventSource('events');
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    for (const message of statelyMessages(JSON.parse(data) as ShownStep, definitions))
      inspector.contentWindow?.postMessage(message, STATELY);
  });
  events.addEventListener('ended', ({ data }: MessageEvent<string>) => {
    events.close();
    byId('why').textContent = (JSON.parse(data) as { readonly why: string }).why;
    show('ended');
  });
  return events;
}

/** Shows the part of the page for this state, and hides the others. */
function show(state: 'waiting' | 'silent' | 'connected' | 'ended'): void {
  document.body.dataset['state'] = state;
  for (const part of document.querySelectorAll<HTMLElement>('[data-for]'))
    part.hidden = part.dataset['for'] !== state;
}
