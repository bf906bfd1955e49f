import yazl from 'yazl';
import { codeOf, send, type Answer } from './served';

const JSON_TYPE = { 'content-type': 'application/json' };

export type Headers = Record<string, string>;

/** Sends JSON. */
export const post = (
  url: string,
  path: string,
  body: unknown,
  headers: Headers = {},
  method = 'POST',
): Promise<Answer> => send(url, path, { method, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });

/** Reads JSON; fails when it was refused. */
export async function get<Result>(url: string, path: string, headers: Headers = {}): Promise<Result> {
  const answer = await send(url, path, { headers });
  if (answer.status !== 200) {
    throw new Error(`GET ${path}: ${answer.status} ${codeOf(answer) ?? ''}`);
  }
  return JSON.parse(answer.text) as Result;
}

/** A zip archive whose files are not compressed. */
export async function zipOf(files: Record<string, Uint8Array | string>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name, { compress: false });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks);
}

export type Job = {
  state: string;
  added: number;
  skipped: number;
  error: string | null;
  problemCodes: Record<string, number>;
};

/** Makes a data set and begins to import an archive; `wait` resolves with the job once it has ended. */
export async function beginImport(
  url: string,
  archive: Uint8Array,
  headers: Headers = {},
): Promise<{ datasetId: string; jobId: string; wait: () => Promise<Job> }> {
  const created = await post(url, '/api/datasets', { name: 'served' }, headers);
  const { id: datasetId } = JSON.parse(created.text) as { id: string };
  const path = `/api/datasets/${datasetId}/imports`;
  const begun = await send(url, `${path}?name=set.zip`, { method: 'POST', body: archive, headers });
  if (begun.status !== 202) {
    throw new Error(`The import was refused: ${begun.status} ${begun.text}`);
  }
  const { id: jobId } = JSON.parse(begun.text) as { id: string };
  const wait = async () => {
    for (;;) {
      const job = await get<Job>(url, `${path}/${jobId}`, headers);
      if (job.state !== 'waiting' && job.state !== 'running') {
        return job;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return { datasetId, jobId, wait };
}

/** Uploads an image and returns its id. */
export async function upload(url: string, bytes: Uint8Array, headers: Headers = {}): Promise<string> {
  const answer = await send(url, '/api/images?name=served.png', { method: 'POST', body: bytes, headers });
  if (answer.status !== 200) {
    throw new Error(`The upload was refused: ${answer.status} ${answer.text}`);
  }
  return (JSON.parse(answer.text) as { id: string }).id;
}
