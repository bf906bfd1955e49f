import { apiDocument, groups } from './document';

type Json = { [key: string]: unknown };
type Schema = Json & { properties?: Record<string, Schema>; required?: string[]; type?: string; description?: string };
type Contents = Record<string, { schema?: Schema }>;
type Described = {
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Contents };
  responses: Record<string, { description?: string; content?: Contents }>;
};

const anchor = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** In a word or two what a schema wants. */
function kindOf(schema: Schema): string {
  const { type, enum: values, anyOf, const: only } = schema;
  if (Array.isArray(values)) {
    return values.map((value) => JSON.stringify(value)).join(' | ');
  }
  if (only !== undefined) {
    return JSON.stringify(only);
  }
  if (Array.isArray(anyOf)) {
    return [...new Set(anyOf.map((option) => kindOf(option as Schema)))].join(' or ');
  }
  const items = schema['items'];
  return type === 'array' && typeof items === 'object' && items !== null
    ? `list of ${kindOf(items as Schema)}`
    : (type ?? 'any');
}

function Fields({ schema }: { schema: Schema }) {
  const rows = Object.entries(schema.properties ?? {});
  return (
    <>
      {rows.length > 0 ? (
        <table className="w-full border-collapse text-left">
          <tbody>
            {rows.map(([name, each]) => (
              <tr key={name} className="border-t border-line align-top">
                <th scope="row" className="w-44 py-1 pr-3 font-mono font-normal text-strong">
                  {name}
                  {schema.required?.includes(name) ? '' : '?'}
                </th>
                <td className="py-1 break-words">
                  {kindOf(each)}
                  {each.description === undefined ? '' : ` - ${each.description}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <details className="mt-1">
        <summary className="cursor-pointer text-muted">JSON Schema</summary>
        <pre tabIndex={0} className="mt-1 max-h-80 overflow-auto rounded border border-line p-2 text-xs">
          {JSON.stringify(schema, null, 2)}
        </pre>
      </details>
    </>
  );
}

function Body({ title, content }: { title: string; content: Contents }) {
  return Object.entries(content).map(([mime, { schema }]) => (
    <div key={mime} className="mt-2">
      <p className="text-muted">
        {title} <code>{mime}</code>
      </p>
      {schema === undefined || mime !== 'application/json' ? null : <Fields schema={schema} />}
    </div>
  ));
}

/**
 * The HTTP API for people, made from the same document that programs read. Nothing is fetched and no script is needed.
 */
export function ApiReference() {
  const { paths } = apiDocument() as { paths: Record<string, Record<string, Described>> };
  return (
    <>
      <p className="mb-4">
        For programs:{' '}
        <a className="text-link underline" href="/api/openapi.json">
          /api/openapi.json
        </a>{' '}
        (OpenAPI 3.1). In team mode a key of the account page goes into the header{' '}
        <code>Authorization: Bearer lt_...</code>
      </p>
      <nav aria-label="Parts of the API" className="mb-6 flex flex-wrap gap-x-4 gap-y-1">
        {groups.map(({ name }) => (
          <a key={name} href={`#${anchor(name)}`} className="text-link underline">
            {name}
          </a>
        ))}
      </nav>
      {groups.map(({ name, description, operations }) => (
        <section key={name} aria-labelledby={anchor(name)} className="mb-8">
          <h2 id={anchor(name)} className="text-lg font-semibold text-strong">
            {name}
          </h2>
          <p className="mb-2 text-muted">{description}</p>
          {operations.map(({ method, path, summary, access }) => {
            const described = paths[path]?.[method.toLowerCase()];
            return (
              <details key={`${method} ${path}`} className="border-t border-line py-2">
                <summary className="cursor-pointer">
                  <code className="font-semibold text-strong">
                    {method} {path}
                  </code>{' '}
                  <span>{summary}</span>
                </summary>
                <div className="mt-2 pl-4">
                  <p className="text-muted">
                    {access === 'public' ? 'Needs no account.' : `Needs the permission ${access}.`}
                  </p>
                  {described === undefined ? null : (
                    <>
                      {described.parameters.map((each) => (
                        <p key={each.name}>
                          <code className="text-strong">{each.name}</code> in the {each.in}
                          {each.required ? '' : ', optional'}: {kindOf(each.schema)}
                        </p>
                      ))}
                      {described.requestBody === undefined ? null : (
                        <Body title="Send" content={described.requestBody.content} />
                      )}
                      {Object.entries(described.responses)
                        .filter(([status]) => status !== 'default')
                        .map(([status, response]) => (
                          <div key={status} className="mt-2">
                            <p>
                              <strong className="text-strong">{status}</strong> {response.description}
                            </p>
                            <Body title="Get" content={response.content ?? {}} />
                          </div>
                        ))}
                    </>
                  )}
                </div>
              </details>
            );
          })}
        </section>
      ))}
    </>
  );
}
