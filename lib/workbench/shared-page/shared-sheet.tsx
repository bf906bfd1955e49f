'use client';

import type { SharedSheet } from '@/lib/sharing/shared-view';
import { ContactSheet } from '../chat/contact-sheet';
import { sharedImageUrl } from './image-url';

/** A contact sheet of a shared answer; a tile opens its image. */
export function SharedSheetView({ sheet, token }: { sheet: SharedSheet; token: string }) {
  return (
    <ContactSheet
      part={sheet}
      nameOf={(imageId) => sheet.names[imageId] ?? 'Image'}
      picture={(imageId) => sharedImageUrl(token, imageId, '?w=160')}
      tile={({ imageId }, props, content) => (
        <a href={sharedImageUrl(token, imageId, '?w=1280')} target="_blank" rel="noopener" {...props}>
          {content}
        </a>
      )}
    />
  );
}
