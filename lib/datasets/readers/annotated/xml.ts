import { SaxesParser } from 'saxes';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';

/** An element of an XML file. `text` is what stands directly in it. */
export type XmlElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
  /** Line on which it begins, from 1. */
  line: number;
};

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 2_000_000;

/** An ampersand that begins no entity, as tools leave it that paste names together. */
const BARE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|\w{1,10});)/gi;

/**
 * Reads an XML file into a tree. Entities of its own are refused by the parser, so none can grow.
 * @throws DatasetError naming the line when it is no well-formed XML
 */
export async function readXml(tree: DatasetTree, file: string): Promise<XmlElement> {
  const text = await tree.text(file);
  const parser = new SaxesParser({ xmlns: false });
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '', line: 0 };
  const open: XmlElement[] = [root];
  let elements = 0;
  const fail = (reason: string): never => {
    throw new DatasetError(`${file} is no readable XML: ${reason}`);
  };
  parser.on('error', (error) => fail(error.message));
  parser.on('opentag', ({ name, attributes }) => {
    elements += 1;
    if (open.length > MAX_DEPTH || elements > MAX_ELEMENTS) {
      fail('it is nested too deeply or has too many elements.');
    }
    // A prefix says where a name comes from, not what it is.
    const element = { name: name.slice(name.indexOf(':') + 1), attributes, children: [], text: '', line: parser.line };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element !== undefined) {
      element.text += part;
    }
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text.replace(/^\uFEFF/, '').replace(BARE_AMPERSAND, '&amp;')).close();
  return root.children[0] ?? fail('it is empty.');
}

/** The text of the first child with a name, trimmed; undefined when there is none. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = child(element, name)?.text.trim();
  return text === '' ? undefined : text;
}

/** The first child with a name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
}
