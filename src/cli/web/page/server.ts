import { useEffect, useRef, useState } from 'preact/hooks';
import type { WebAction, WebDone, WebPlan, WebWhy } from '../messages.ts';

/** Follows a stream of the server; a stream that breaks is opened again by the browser. */
export function useStream<Message>(
  path: string | null,
  onMessage: (message: Message) => void,
  onTrouble: () => void = () => undefined,
): void {
  const latest = useRef({ onMessage, onTrouble });
  latest.current = { onMessage, onTrouble };
  useEffect(() => {
    if (path === null) return undefined;
    const source = new EventSource(path);
    source.addEventListener('message', ({ data }) =>
      latest.current.onMessage(JSON.parse(String(data)) as Message),
    );
    source.addEventListener('error', () => latest.current.onTrouble());
    return () => source.close();
  }, [path]);
}

/** A browser would let a question wait for an earlier one of the same address, up to 20 s. */
const UNCACHED = { cache: 'no-store' } as const;

/** What `why` says of a job, asked anew whenever the key changes; null until it is known. */
export function useWhy(job: string, key: string): WebWhy | null {
  const [known, setKnown] = useState<{ readonly job: string; readonly why: WebWhy } | null>(null);
  useEffect(() => {
    let isOver = false;
    void fetch(`why/${encodeURIComponent(job)}`, UNCACHED)
      .then(async (response) => (response.ok ? ((await response.json()) as WebWhy) : null))
      .catch(() => null)
      .then((why) => {
        if (!isOver && why !== null) setKnown({ job, why });
      });
    return () => {
      isOver = true;
    };
  }, [job, key]);
  return known?.job === job ? known.why : null;
}

/** What the trigger would do now. */
export async function askPlan(): Promise<WebPlan> {
  const response = await fetch('plan', UNCACHED);
  if (response.ok) return (await response.json()) as WebPlan;
  const { error } = (await response.json()) as { readonly error: string };
  return { id: '', lines: error, hasChanges: false, isRefused: true };
}

/** Has something done; resolves to what was done, in lines. */
export async function act(action: WebAction): Promise<WebDone> {
  try {
    const response = await fetch('act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    if (response.ok) return (await response.json()) as WebDone;
    return { ok: false, lines: `refused (${response.status})` };
  } catch (error) {
    return { ok: false, lines: (error as Error).message };
  }
}

/** The current time, updated each second, for durations on the page. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
