import { type ComponentChildren, type Ref } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface WindowedProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly row: (index: number) => ComponentChildren;
  /** Keeps the end in sight while the reader has not scrolled away from it. */
  readonly followsEnd?: boolean;
  /** Brings this row into sight. */
  readonly shownRow?: number | undefined;
  readonly class: string;
  readonly label: string;
  readonly role?: 'list' | 'log';
  readonly place?: Ref<HTMLDivElement>;
}

/** Rows beyond the edge, so that a fast scroll shows no gap. */
const SPARE = 12;

/** A list of rows of equal height; only the visible rows are in the document. */
export function Windowed({ count, rowHeight, row, followsEnd = false, shownRow, ...props }: WindowedProps) {
  const place = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = (): void => {
    const element = place.current;
    if (element === null) return;
    isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (followsEnd && isAtEnd.current && place.current !== null) place.current.scrollTop = count * rowHeight;
  }, [count, followsEnd]);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || shownRow === undefined || shownRow < 0) return;
    const top = shownRow * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }, [shownRow]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + SPARE);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
  return (
    <div
      ref={place}
      class={props.class}
      role={props.role}
      aria-label={props.label}
      tabIndex={0}
      onScroll={look}
    >
      <div style={{ height: `${count * rowHeight}px`, position: 'relative' }}>
        <div style={{ position: 'absolute', insetInline: 0, top: `${first * rowHeight}px` }}>
          {shown.map((index) => row(index))}
        </div>
      </div>
    </div>
  );
}
