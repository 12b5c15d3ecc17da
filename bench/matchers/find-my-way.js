// JavaScript, because its package is installed in this folder only, and the type check of the gateway runs without it.
import createRouter from 'find-my-way';

export const findMyWay = {
  name: 'find-my-way',
  expressions: false,
  build(routes) {
    const router = createRouter();
    for (const { id, template } of routes) {
      router.on('GET', template.replaceAll(/\{(\w+)\}/g, ':$1'), () => {}, id);
    }
    return (path) => router.find('GET', path)?.store;
  },
};
