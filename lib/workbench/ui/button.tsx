import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn';

const styles = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-45 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:brightness-110',
        secondary: 'border border-line-strong bg-raised text-fg hover:bg-hover',
        ghost: 'text-fg hover:bg-hover aria-pressed:bg-active aria-expanded:bg-active',
        danger: 'bg-high-soft text-high hover:brightness-110',
      },
      size: {
        sm: 'h-6 px-2 text-xs [&_svg]:size-3.5',
        md: 'h-7.5 px-3 text-ui [&_svg]:size-4',
        icon: 'size-6.5 [&_svg]:size-4',
        touch: 'size-9 [&_svg]:size-5',
      },
    },
    defaultVariants: { variant: 'ghost', size: 'md' },
  },
);

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof styles>;

/** A button that never submits a form by accident. */
export function Button({ className, variant, size, type = 'button', ...props }: ButtonProps) {
  return <button type={type} className={cn(styles({ variant, size }), className)} {...props} />;
}
