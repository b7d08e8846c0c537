/** What pages are put together from. */
import { type ReactNode, useEffect, useId } from 'react';
import { Link } from 'wouter';

export interface Crumb {
  readonly name: string;
  readonly href: string;
}

interface PageHeadProps {
  readonly title: string;
  /** Beside the title: a state, mostly. */
  readonly mark?: ReactNode;
  /** From the overview down to the page above this one. */
  readonly crumbs?: readonly Crumb[];
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHead({ title, mark, crumbs = [], actions, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Clusterlift`;
  }, [title]);
  return (
    <div className="page-head">
      {crumbs.length === 0 ? null : (
        <nav aria-label="Where this is" className="crumbs">
          {crumbs.map(({ name, href }) => (
            <Link key={href} href={href}>
              {name}
            </Link>
          ))}
        </nav>
      )}
      <div className="page-title">
        <h1>{title}</h1>
        {mark}
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  /** At the end of its heading: a count, a button. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A part of a page under a heading of its own. */
export function Panel({ title, end, children, className = '' }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {end}
      </div>
      {children}
    </section>
  );
}

/** Names with values. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A table that is wider than the page is scrolled by itself, also with the keyboard. */
export function TableFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
