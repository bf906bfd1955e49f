import { activeImageEditor, type ImageEditorHandle } from '../image/active-editor';
import { changeViewer, viewerStore } from '../state/viewer';
import type { Command, CommandContext } from './registry';

const inImage = ({ imageEditor }: CommandContext) => imageEditor;
/** A picture with zoom and layers is in front: in the image editor or in the review. */
const onStage = ({ imageEditor, review }: CommandContext) => imageEditor || review;
const onImage = (act: (editor: ImageEditorHandle) => void | Promise<void>) => () => {
  const editor = activeImageEditor.get();
  return editor ? act(editor) : undefined;
};

/** The picture in front. */
export const imageCommands: readonly Command[] = [
  {
    id: 'image.zoomIn',
    category: 'Image',
    title: 'Zoom In',
    keybindings: ['+', '='],
    when: onStage,
    run: onImage((editor) => editor.zoomIn()),
  },
  {
    id: 'image.zoomOut',
    category: 'Image',
    title: 'Zoom Out',
    keybindings: ['-'],
    when: onStage,
    run: onImage((editor) => editor.zoomOut()),
  },
  {
    id: 'image.fit',
    category: 'Image',
    title: 'Fit to Window',
    keybindings: ['0'],
    when: onStage,
    run: onImage((editor) => editor.fit()),
  },
  {
    id: 'image.actualSize',
    category: 'Image',
    title: 'Actual Size (1:1)',
    keybindings: ['1'],
    when: onStage,
    run: onImage((editor) => editor.actualSize()),
  },
  {
    id: 'image.toggleMask',
    category: 'Image',
    title: 'Toggle Mask',
    keybindings: ['m'],
    when: onStage,
    run: () => changeViewer({ mask: !viewerStore.get().mask }),
  },
  {
    id: 'image.toggleHeatmap',
    category: 'Image',
    title: 'Toggle Anomaly Map',
    keybindings: ['h'],
    when: onStage,
    keywords: 'heatmap',
    run: () => changeViewer({ heatmap: !viewerStore.get().heatmap }),
  },
  {
    id: 'image.toggleRegions',
    category: 'Image',
    title: 'Toggle Region Boxes',
    keybindings: ['r'],
    when: inImage,
    run: () => changeViewer({ regions: !viewerStore.get().regions }),
  },
  {
    id: 'image.toggleMinimap',
    category: 'Image',
    title: 'Toggle Minimap',
    when: inImage,
    run: () => changeViewer({ minimap: !viewerStore.get().minimap }),
  },
  {
    id: 'image.toggleSidePane',
    category: 'Image',
    title: 'Toggle Image Details',
    keybindings: ['d'],
    when: inImage,
    run: () => changeViewer({ sidePane: !viewerStore.get().sidePane }),
  },
  {
    id: 'image.compare',
    category: 'Image',
    title: 'Compare with Reference',
    keybindings: ['c'],
    when: inImage,
    keywords: 'slider normal',
    run: onImage((editor) => editor.toggleCompare()),
  },
  {
    id: 'image.compareView',
    category: 'Image',
    title: 'Next Comparison View',
    keybindings: ['v'],
    when: inImage,
    keywords: 'divider beside blink difference reference',
    run: onImage((editor) => editor.nextCompareView()),
  },
  {
    id: 'image.inspect',
    category: 'Image',
    title: 'Inspect',
    keybindings: ['i'],
    when: inImage,
    run: onImage((editor) => editor.inspect()),
  },
];
