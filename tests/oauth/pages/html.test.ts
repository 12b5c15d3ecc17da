import fc from 'fast-check';
import { html } from '../../../src/oauth/pages/html.ts';

const decode = (escaped: string): string =>
  escaped
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');

describe('html', () => {
  test('keeps what the template says and escapes what is put in', () => {
    const evil = `"><script>alert('1' & 2)</script>`;
    expect(`${html`<p title="${evil}">${evil}</p>`}`).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39; &amp; 2)&lt;/script&gt;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39; &amp; 2)&lt;/script&gt;</p>',
    );
  });

  test('takes HTML of its own as it is, lists one by one, and nothing for nothing', () => {
    const items = ['a', '<b>', html`<i>c</i>`];
    expect(`${html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>${undefined}${false}`}`).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li><li><i>c</i></li></ul>',
    );
  });

  test('no text leaves its place, and every text arrives as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [, attribute = '', content = ''] = /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(
          `${html`<p title="${text}">${text}</p>`}`,
        )!;
        expect([decode(attribute), decode(content)]).toEqual([text, text]);
      }),
    );
  });
});
