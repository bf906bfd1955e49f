import type { Bundle } from '@/lib/engine/bundle';
import { MapMasks } from './map-masks';
import type { MaskSource } from './mask-source';
import { Segmenter } from './segmenter';

/**
 * Opens what draws the bundle's masks. The manifest has `calibration.mapMask` exactly where it has no segmenter.
 * @throws EngineError `model_unavailable` naming segmenter.onnx
 */
export async function openMaskSource(bundle: Bundle): Promise<MaskSource> {
  const { vision, calibration } = bundle.manifest;
  return calibration.mapMask === undefined ? Segmenter.open(bundle) : new MapMasks(vision, calibration.mapMask);
}
