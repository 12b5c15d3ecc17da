import type { Html } from '../html.ts';
import type { PageProblem } from '../page-error.ts';

/** A heading and what to do. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
}

/** Every text of the pages in one language: one that is missing is a type error. */
export interface Messages {
  readonly signIn: {
    readonly title: string;
    readonly to: (client: Html) => Html;
    readonly username: string;
    readonly password: string;
    readonly submit: string;
    readonly incomplete: string;
    readonly wrong: string;
    readonly disabled: string;
    /** `seconds` until trying again makes sense. */
    readonly throttled: (seconds: number) => string;
    readonly unavailable: string;
  };
  readonly consent: {
    readonly title: (client: Html) => Html;
    readonly plainTitle: (client: string) => string;
    readonly signedInAs: (user: Html) => Html;
    readonly signedIn: string;
    readonly switchUser: string;
    readonly scopes: string;
    /** `place`: a host, or the name of an application on the device. */
    readonly afterwards: (place: Html) => Html;
    readonly afterwardsHere: (place: Html) => Html;
    readonly allow: string;
    readonly deny: string;
  };
  readonly signOut: {
    readonly title: string;
    readonly text: string;
    readonly submit: string;
    readonly done: string;
    readonly doneText: string;
    readonly back: (client: Html) => Html;
  };
  readonly problems: Readonly<Record<PageProblem, Explanation>>;
}
