/** Files of folders that are taken at most: a message takes fewer, and says how many it left. */
const MOST_FILES = 1_000;
/** What of a folder is an image, by its name: other files are left where they are without a word. */
const IMAGE_NAME = /\.(?:jpe?g|png|webp|avif|heic|heif|tiff?|bmp|gif)$/i;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** All entries of a folder: a browser gives them out in portions. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) {
      return entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    }
    entries.push(...portion);
  }
}

async function collect(entry: FileSystemEntry, into: File[]): Promise<void> {
  if (into.length >= MOST_FILES || entry.name.startsWith('.')) {
    return;
  }
  if (entry.isDirectory) {
    for (const each of await entriesOf(entry as FileSystemDirectoryEntry)) {
      await collect(each, into);
    }
  } else if (IMAGE_NAME.test(entry.name)) {
    into.push(await fileOf(entry as FileSystemFileEntry));
  }
}

/**
 * The files that are being dropped; of folders the images in them, in the order of their names. To be called while the
 * drop is handled: afterwards the browser does not say.
 * @throws DOMException when a folder cannot be read
 */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const plain = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) {
    return plain;
  }
  const files: File[] = [];
  for (const entry of entries) {
    if (entry?.isFile === true) {
      files.push(await fileOf(entry as FileSystemFileEntry));
    } else if (entry !== null) {
      await collect(entry, files);
    }
  }
  return files;
}
