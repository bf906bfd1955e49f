import fc from 'fast-check';
import { bundleName, parseManifest } from '@/lib/engine/manifest';
import { mapMask, sampleManifest } from '../../support/sample-manifest';

const sample = sampleManifest();
const plain = { slope: 1, intercept: 0, low: 0.5, high: 0.5 };

describe('the manifest', () => {
  it('reads back as it was written', () => {
    expect(parseManifest(JSON.stringify(sample))).toEqual(sample);
    expect(bundleName(sample)).toBe('sample@1.2.3');
  });

  it('may leave out the segmenter and its token when masks come from the map', () => {
    const { segmenter, language, calibration, ...rest } = sample;
    const { imStart, imEnd, endOfText } = language.tokens;
    const published = {
      ...rest,
      language: { ...language, tokens: { imStart, imEnd, endOfText } },
      calibration: { ...calibration, mapMask },
    };
    expect(parseManifest(JSON.stringify(published))).toEqual(published);
    expect(() => parseManifest(JSON.stringify({ ...published, segmenter }))).toThrow('language.tokens.seg');
    const remote = { model: 'qwen2-7b' };
    expect(parseManifest(JSON.stringify({ ...published, language: { ...published.language, remote } }))).toBeDefined();
    expect(() => parseManifest(JSON.stringify({ ...sample, language: { ...language, remote } }))).toThrow(
      'language.tokens.seg cannot be given with language.remote',
    );
    expect(() => parseManifest(JSON.stringify({ ...published, calibration }))).toThrow('calibration.mapMask');
    expect(() => parseManifest(JSON.stringify({ ...sample, calibration: { ...calibration, mapMask } }))).toThrow(
      'calibration.mapMask',
    );
  });

  it('may give one share of most distant patches for base view and tiles', () => {
    const { calibration } = sample;
    const given = (topFraction: unknown) =>
      JSON.stringify({
        ...sample,
        calibration: { ...calibration, reference: { ...calibration.reference, topFraction } },
      });
    expect(parseManifest(given(0.02)).calibration.reference.topFraction).toEqual({ base: 0.02, tile: 0.02 });
    expect(() => parseManifest(given(2))).toThrow('calibration.reference.topFraction');
    expect(() => parseManifest(given({ base: 0.01 }))).toThrow('calibration.reference.topFraction');
  });

  it.each([
    ['format', { ...sample, format: 2 }],
    ['id', { ...sample, id: '../evil' }],
    ['version', { ...sample, version: 'new' }],
    ['vision.imageSize', { ...sample, vision: { ...sample.vision, imageSize: -1 } }],
    ['vision.grid', { ...sample, vision: { ...sample.vision, grid: 27 } }],
    ['segmenter.size', { ...sample, segmenter: { ...sample.segmenter, size: 100 } }],
    ['language.heads', { ...sample, language: { ...sample.language, heads: 8 } }],
    ['language.tokens', { ...sample, language: { ...sample.language, vocab: 4 } }],
    ['calibration.buckets', { ...sample, calibration: { ...sample.calibration, buckets: [0.7, 0.3] } }],
    [
      'calibration.verdict',
      { ...sample, calibration: { ...sample.calibration, verdict: { zeroShot: { ...plain, low: 0.6 } } } },
    ],
    ['calibration.verdict.zeroShot', { ...sample, calibration: { ...sample.calibration, verdict: { single: plain } } }],
    ['calibration.foreign.scale', { ...sample, calibration: { ...sample.calibration, foreign: { offset: 1 } } }],
    ['files', { ...sample, files: { '../x': { sha256: 'a'.repeat(64), bytes: 1, trained: false } } }],
    ['files.a.onnx.sha256', { ...sample, files: { 'a.onnx': { sha256: 'short', bytes: 1, trained: false } } }],
  ])('names %s when that is wrong', (field, manifest) => {
    expect(() => parseManifest(JSON.stringify(manifest))).toThrow(field);
  });

  it('refuses any other text with one line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseManifest(text)).toThrow(/^manifest\.json[^\n]*$/);
      }),
    );
  });
});
