import { createHash } from 'node:crypto';
import { decodeRle } from '@/lib/segmentation/rle';
import { encodeBrush } from '../annotations/label-studio-rle';
import type { Part } from '../contract';
import { FreePaths } from './free-paths';
import type { ExportItem, Exporter } from './types';

/**
 * The labelling interface that the tasks fit. Label Studio refuses regions with a label that the interface does not
 * list.
 */
function interfaceOf(labels: ReadonlySet<string>): string {
  const rows = [...labels].sort().map((label) => `    <Label value="${escapeXml(label)}"/>`);
  const control = (tag: string, name: string) =>
    [`  <${tag} name="${name}" toName="image">`, ...rows, `  </${tag}>`].join('\n');
  return `<View>
  <Image name="image" value="$image"/>
  <Choices name="label" toName="image"><Choice value="normal"/><Choice value="anomalous"/></Choices>
${control('BrushLabels', 'brush')}
${control('RectangleLabels', 'box')}
  <TextArea name="description" toName="image"/>
  <TextArea name="impact" toName="image"/>
  <TextArea name="suggestion" toName="image"/>
</View>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of an XML attribute. Control characters, which XML 1.0 cannot hold, become spaces. */
function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, ' ').replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

/**
 * Label Studio's JSON: `tasks.json` with brushes (masks), rectangles (boxes), a choice (the label) and text areas;
 * images at their own paths; `config.xml` is the interface.
 */
export const exportLabelStudio: Exporter = async function* (items) {
  const tasks: object[] = [];
  const labels = new Set(['anomaly']);
  const paths = new FreePaths();
  for await (const item of items) {
    item.parts.forEach(({ label }) => labels.add(label));
    const image = paths.pathOf(item);
    yield { path: image, content: { blob: item.sha256 } };
    tasks.push({
      id: tasks.length + 1,
      data: { image, looktwice: item.fields },
      annotations: [{ id: tasks.length + 1, result: resultsOf(item) }],
    });
  }
  yield { path: 'tasks.json', content: { text: `${JSON.stringify(tasks)}\n` } };
  yield { path: 'config.xml', content: { text: interfaceOf(labels) } };
  yield* paths.sidecar();
};

function resultsOf(item: ExportItem): object[] {
  const { width, height, fields } = item;
  const results: object[] = [];
  const add = (from_name: string, type: string, value: object) => {
    const id = createHash('sha256').update(`${item.path} ${results.length}`).digest('hex').slice(0, 10);
    const size = { original_width: width, original_height: height, image_rotation: 0 };
    results.push({ id, from_name, to_name: 'image', type, ...size, value });
  };
  if (fields.label !== 'unlabelled') {
    add('label', 'choices', { choices: [fields.label] });
  }
  for (const part of item.parts) {
    const [name, type, value] = regionOf(part, item);
    add(name, type, value);
  }
  for (const name of ['description', 'impact', 'suggestion'] as const) {
    const text = fields[name];
    if (text !== null) {
      add(name, 'textarea', { text: [text] });
    }
  }
  return results;
}

function regionOf({ label, shape, bbox, counts = [] }: Part, { width, height }: ExportItem): [string, string, object] {
  const [x, y, w, h] = bbox;
  if (shape === 'box') {
    const percent = {
      x: (100 * x) / width,
      y: (100 * y) / height,
      width: (100 * w) / width,
      height: (100 * h) / height,
    };
    return ['box', 'rectanglelabels', { ...percent, rotation: 0, rectanglelabels: [label] }];
  }
  const { data } = decodeRle({ size: [height, width], counts });
  return ['brush', 'brushlabels', { format: 'rle', rle: encodeBrush(data), brushlabels: [label] }];
}
