import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChartMessage } from '../messages.ts';
import { flashArrows } from '../../inspect/viewer/flash-arrows.ts';
import { useStream } from './server.ts';

/** The chart of one job at work: the state that it is in is lit. */
export function ChartView({ job }: { readonly job: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [lit, setLit] = useState<readonly string[]>([]);
  useStream<ChartMessage>(`chart/${encodeURIComponent(job)}`, ({ lit: now, taken }) => {
    setLit(now);
    if (place.current !== null) flashArrows(place.current, taken);
  });
  useLayoutEffect(() => {
    const template = document.getElementById('chart');
    if (place.current === null || !(template instanceof HTMLTemplateElement)) return;
    place.current.replaceChildren(template.content.cloneNode(true));
  }, []);
  useLayoutEffect(() => {
    const on = new Set(lit);
    for (const group of place.current?.querySelectorAll('g.node, g.cluster') ?? [])
      group.classList.toggle('on', on.has(group.querySelector('title')?.textContent ?? ''));
  }, [lit]);
  const leaf = lit.filter((id) => id.startsWith('job.child.')).at(-1);
  return (
    <section class="chart" aria-label="Chart">
      <h3>Chart</h3>
      <p class="hidden" role="status">
        {leaf === undefined ? '' : `The chart is in ${leaf.slice('job.child.'.length)}`}
      </p>
      <div ref={place} class="picture" aria-hidden="true" />
    </section>
  );
}
