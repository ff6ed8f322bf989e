import { Component } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Me } from '../../src/contract/auth.ts';
import { errorOf } from '../api/resource.ts';
import { Denied, EmptyState, ErrorState } from '../ui/states.tsx';
import { lazily } from './lazily.tsx';
import { Link, paramsOf, place } from './router.tsx';
import { homeOf, PAGES, type PageProps } from './routes.ts';
import { words } from './words.ts';

const SHOWN = PAGES.map(({ load }) => lazily<PageProps>(load));

/** What is at this address is fetched while it is still being asked who sits here: mostly they will see it. */
export function fetchAhead(): void {
  const { pathname } = place.peek();
  const at = pathname === '/' ? 0 : PAGES.findIndex(({ path }) => paramsOf(path, pathname));
  SHOWN[at]?.ahead();
}

/** The page of this address, for this person. */
export function Outlet({ me }: { readonly me: Me }) {
  const { pathname, searchParams } = place.value;
  const path = pathname === '/' ? homeOf(me.role) : pathname;
  const at = PAGES.findIndex((page) => paramsOf(page.path, path));
  const [page, Shown] = [PAGES[at], SHOWN[at]];
  const said = words();
  const title = page ? said.pages[page.word] : said.nowhere.title;
  useEffect(() => {
    document.title = `${title} · ${said.product}`;
  }, [title, said]);
  if (!page || !Shown)
    return (
      <EmptyState title={said.nowhere.title} action={<Link to="/">{said.nowhere.home}</Link>}>
        {said.nowhere.text}
      </EmptyState>
    );
  if (!page.who.includes(me.role)) return <Denied sentence={said.denied.role} />;
  return (
    <Boundary key={path}>
      <Shown params={paramsOf(page.path, path) ?? {}} query={searchParams} />
    </Boundary>
  );
}

/** A page that breaks does not take the frame with it. */
class Boundary extends Component {
  override state: { readonly thrown?: unknown } = {};

  static override getDerivedStateFromError(thrown: unknown) {
    return { thrown };
  }

  override render() {
    const { thrown } = this.state;
    if (thrown === undefined) return this.props.children;
    return <ErrorState error={errorOf(thrown)} onRetry={() => this.setState({ thrown: undefined })} />;
  }
}
