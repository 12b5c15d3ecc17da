import type { Html } from './html.ts';
import type { Messages } from './messages/messages.ts';

/** What is on one page. */
export interface PageContent {
  /** For the tab of the browser. */
  readonly title: string;
  readonly body: Html;
}

/** A page in whichever language it is wanted. */
export type Page = (messages: Messages) => PageContent;
