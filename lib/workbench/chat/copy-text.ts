import { toast } from 'sonner';

/** Copies text; browsers without a clipboard (plain http on another host) get told so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.success('Copied');
  } catch {
    toast.error('This browser does not let the page copy. Select the text and copy it by hand.');
  }
}
