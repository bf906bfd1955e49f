import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { centre, clampPan, fit, reveal, zoomAt, type Box, type Size, type Viewport } from './viewport';

const STEP = 1.25;
const PAN = 60;

export type ViewportControl = {
  stageRef: RefObject<HTMLDivElement | null>;
  view: Viewport;
  stage: Size;
  /** The stage was measured. */
  ready: boolean;
  minScale: number;
  setView: (view: Viewport) => void;
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  actualSize: () => void;
  reveal: (box: Box) => void;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
  };
};

/**
 * Zoom and pan of one image, or of `panes` of the same size beside each other, which move together: wheel and pinch
 * zoom to the cursor, dragging and arrow keys pan, a new size of the stage refits.
 */
export function useViewport(image: Size, panes: 1 | 2 = 1): ViewportControl {
  const stageRef = useRef<HTMLDivElement | null>(null);
  const [stage, setStage] = useState<Size>({ width: 0, height: 0 });
  const [view, setView] = useState<Viewport>({ scale: 1, x: 0, y: 0 });
  /** As long as the reader has not zoomed, the image stays fitted. */
  const fitted = useRef(true);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const { width, height } = image;
  const size = useMemo(() => ({ width, height }), [width, height]);
  const minScale = Math.min(1, stage.width === 0 ? 1 : fit(size, stage, 16, 1).scale) / 2;

  useLayoutEffect(() => {
    const element = stageRef.current;
    if (!element) {
      return;
    }
    const observer = new ResizeObserver(() => {
      const next = { width: element.clientWidth / panes, height: element.clientHeight };
      setStage(next);
      if (fitted.current) {
        setView(fit(size, next));
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [size, panes]);

  const zoom = useCallback(
    (factor: number, atX: number, atY: number) => {
      fitted.current = false;
      setView((current) => clampPan(zoomAt(current, factor, atX, atY, minScale), size, stage));
    },
    [minScale, size, stage],
  );

  useEffect(() => {
    const element = stageRef.current;
    if (!element) {
      return;
    }
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      // A trackpad's pinch comes as small steps with Ctrl held.
      const speed = event.ctrlKey ? 0.01 : 0.0016;
      const x = (event.clientX - bounds.left) % (element.clientWidth / panes);
      zoom(Math.exp(-event.deltaY * lines * speed), x, event.clientY - bounds.top);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [zoom, panes]);

  const pan = useCallback(
    (dx: number, dy: number) => {
      fitted.current = false;
      setView((current) => clampPan({ ...current, x: current.x + dx, y: current.y + dy }, size, stage));
    },
    [size, stage],
  );

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) {
      return;
    }
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (!other) {
      pan(now.x - before.x, now.y - before.y);
      return;
    }
    const bounds = event.currentTarget.getBoundingClientRect();
    const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const x = ((now.x + other.x) / 2 - bounds.left) % (bounds.width / panes);
    zoom(distance(now) / distance(before), x, (now.y + other.y) / 2 - bounds.top);
  };

  const actions = useMemo(
    () => ({
      zoomIn: () => zoom(STEP, stage.width / 2, stage.height / 2),
      zoomOut: () => zoom(1 / STEP, stage.width / 2, stage.height / 2),
      fit: () => {
        fitted.current = true;
        setView(fit(size, stage));
      },
      actualSize: () => {
        fitted.current = false;
        setView(centre(size, stage, 1));
      },
      reveal: (box: Box) => {
        fitted.current = false;
        setView(reveal(box, stage, minScale));
      },
      setView: (next: Viewport) => {
        fitted.current = false;
        setView(clampPan(next, size, stage));
      },
    }),
    [zoom, size, stage, minScale],
  );

  return {
    ...actions,
    stageRef,
    view,
    stage,
    ready: stage.width > 0,
    minScale,
    handlers: {
      onPointerDown: (event) => {
        if (event.button === 0 || event.button === 1) {
          event.currentTarget.setPointerCapture(event.pointerId);
          pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        }
      },
      onPointerMove,
      onPointerUp: (event) => {
        pointers.current.delete(event.pointerId);
      },
      onKeyDown: (event) => {
        const moves: Record<string, [number, number]> = {
          ArrowLeft: [PAN, 0],
          ArrowRight: [-PAN, 0],
          ArrowUp: [0, PAN],
          ArrowDown: [0, -PAN],
        };
        const move =
          event.target === event.currentTarget && !event.ctrlKey && !event.metaKey && !event.altKey
            ? moves[event.key]
            : undefined;
        if (move) {
          event.preventDefault();
          pan(...move);
        }
      },
    },
  };
}
