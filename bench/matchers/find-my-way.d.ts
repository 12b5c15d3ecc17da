import type { MatcherContender } from './matcher-contender.ts';

/** find-my-way alone, given the same templates: what a match costs before a gateway adds anything. */
export declare const findMyWay: MatcherContender;
