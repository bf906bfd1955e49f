import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { splitBlocks } from './split-blocks';

const PLUGINS = [remarkGfm];

/**
 * Model text is untrusted: no HTML (react-markdown drops it), no images (an address in one would tell its host who
 * reads), and links as inert text with their address, which a reader may copy.
 */
const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <span>
      {children}
      {href && !/^#/.test(href) ? <span className="text-muted"> ({href})</span> : null}
    </span>
  ),
  img: ({ alt }) => <span className="text-muted">[image: {alt}]</span>,
};

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS}>
      {text}
    </ReactMarkdown>
  );
});

/** An answer's Markdown, rendered block by block. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="answer text-ui leading-6">
      {splitBlocks(text).map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </div>
  );
}
