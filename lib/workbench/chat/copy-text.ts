import { notify } from '../ui/notify';

/** Copies text; browsers without a clipboard (plain http on another host) get told so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify.success('Copied');
  } catch {
    notify.error('This browser does not let the page copy. Select the text and copy it by hand.');
  }
}
