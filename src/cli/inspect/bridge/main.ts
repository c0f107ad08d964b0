import { STATELY } from '../stately-origin.ts';

const inspector = document.getElementById('inspector') as HTMLIFrameElement;
const note = document.getElementById('note') as HTMLElement;
let source: EventSource | null = null;

// Each time the inspector starts over, it is sent everything from the beginning.
addEventListener('message', ({ origin, data }: MessageEvent<{ readonly type?: string } | null>) => {
  if (origin !== STATELY || data?.type !== '@statelyai.connected') return;
  note.hidden = true;
  source?.close();
  source = follow();
});

function follow(): EventSource {
  const events = new EventSource('events');
  events.addEventListener('message', ({ data }: MessageEvent<string>) =>
    inspector.contentWindow?.postMessage(JSON.parse(data), STATELY),
  );
  events.addEventListener('ended', ({ data }: MessageEvent<string>) => {
    events.close();
    note.hidden = false;
    note.textContent = (JSON.parse(data) as { readonly why: string }).why;
  });
  return events;
}
