import { Image as ImageIcon } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';
import { imageCommands } from '../commands/image-commands';

const ImageEditor = lazyEditor(() => import('./image-editor').then((module) => module.ImageEditor));

export const imageContribution: Contribution<'image'> = {
  icon: ImageIcon,
  title: ({ name }) => name,
  Editor: ({ tab, active }) => <ImageEditor key={tab.imageId} imageId={tab.imageId} active={active} />,
  commands: imageCommands,
};
