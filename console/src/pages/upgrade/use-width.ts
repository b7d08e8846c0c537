import { useLayoutEffect, useState } from 'react';

const narrowest = 240;

/** How wide an element is drawn, so that a chart in it is drawn for that width and its words stay readable. */
export function useWidth<E extends HTMLElement>(): readonly [(element: E | null) => void, number] {
  const [element, setElement] = useState<E | null>(null);
  const [width, setWidth] = useState(narrowest);
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const measure = () => setWidth(Math.max(narrowest, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}
