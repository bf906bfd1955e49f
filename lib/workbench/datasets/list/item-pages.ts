import { useCallback, useEffect, useRef, useState } from 'react';
import type { ItemSummary } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { datasetsApi, type ItemsWanted } from '../client';

type Pages = { items: readonly ItemSummary[]; total: number; cursor: string | null; error: string | null };
const NONE: Pages = { items: [], total: 0, cursor: null, error: null };

/**
 * A set's items, a page at a time: `reach(index)` loads pages until that item is there. `version` begins again when the
 * set has changed.
 */
export function useItemPages(datasetId: string, wanted: ItemsWanted, version: string) {
  const [pages, setPages] = useState<Pages>(NONE);
  const latest = useRef(pages);
  const loading = useRef<Promise<void> | null>(null);
  const run = useRef(0);
  const { order, label, modelVerdict, q } = wanted;

  useEffect(() => {
    latest.current = pages;
  }, [pages]);

  useEffect(() => {
    run.current += 1;
    const own = run.current;
    loading.current = datasetsApi.items(datasetId, { order, label, modelVerdict, q }, null).then(
      ({ items, cursor, total }) => {
        if (own === run.current) {
          loading.current = null;
          setPages({ items, cursor, total: total ?? items.length, error: null });
        }
      },
      (error: unknown) => {
        if (own === run.current) {
          loading.current = null;
          setPages({ ...NONE, error: error instanceof ApiError ? error.message : String(error) });
        }
      },
    );
  }, [datasetId, order, label, modelVerdict, q, version]);

  const reach = useCallback(
    (index: number) => {
      const { items, cursor } = latest.current;
      if (index < items.length || cursor === null || loading.current !== null) {
        return;
      }
      const own = run.current;
      loading.current = datasetsApi.items(datasetId, { order, label, modelVerdict, q }, cursor).then(
        (page) => {
          loading.current = null;
          if (own === run.current) {
            setPages((known) => ({ ...known, items: [...known.items, ...page.items], cursor: page.cursor }));
          }
        },
        (error: unknown) => {
          loading.current = null;
          if (own === run.current) {
            setPages((known) => ({ ...known, error: error instanceof ApiError ? error.message : String(error) }));
          }
        },
      );
    },
    [datasetId, order, label, modelVerdict, q],
  );
  return { ...pages, reach };
}
