import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** Where this tab is: the address without its host. */
const current: Signal<URL> = signal(new URL(location.href));
export const place: ReadonlySignal<URL> = current;

window.addEventListener('popstate', () => {
  current.value = new URL(location.href);
});

/** @param to a path of ours, with or without a query; what leads elsewhere is not followed */
export function go(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const target = new URL(to, location.origin);
  if (target.origin !== location.origin) return;
  if (target.href === location.href) return;
  if (replace) history.replaceState(null, '', target);
  else history.pushState(null, '', target);
  current.value = target;
  if (!replace) scrollTo(0, 0);
}

/**
 * The values of a pattern's names, where the path is of it.
 *
 * @example paramsOf('/requests/:id', '/requests/06h0') → { id: '06h0' }
 */
export function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, steps] = [pattern.split('/'), path.replace(/(.)\/$/, '$1').split('/')];
  if (wanted.length !== steps.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, want] of wanted.entries()) {
    const step = steps[at] ?? '';
    if (!want.startsWith(':')) {
      if (want !== step) return undefined;
    } else if (step === '') return undefined;
    else params[want.slice(1)] = step;
  }
  return params;
}

interface LinkProps {
  readonly to: string;
  readonly class?: string | undefined;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the pages. With a modifier, or the middle button, it is the browser's as any other. */
export function Link({ to, class: name, current: isCurrent = false, children }: LinkProps) {
  return (
    <a
      href={to}
      class={name}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
