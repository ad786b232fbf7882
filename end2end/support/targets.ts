// What can be clicked and is too small to hit (WCAG 2.5.8, Target Size).

import type { Page } from "@playwright/test";

/**
 * The targets on this page that are smaller than 24 by 24 CSS pixels, but for two exceptions of the rule: a link within a
 * sentence, whose line decides how high it is, and a target with so much room around it that a circle of 24 pixels
 * about its middle touches no other target, nor the circle of another small one.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const LEAST = 24;
    const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=menuitem], [tabindex='0']";
    const open = [...document.querySelectorAll("dialog[open], [role=dialog]")].at(-1) ?? document;
    // A label around a tick is part of the target.
    const reach = (element: Element) => (element.closest("label") ?? element).getBoundingClientRect();
    // What lies under a menu cannot be hit; what has to be scrolled to is looked at as if it had been.
    const isOnTop = ({ element, box }: { element: Element; box: DOMRect }) => {
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return !hit || element.contains(hit) || hit.contains(element) || hit.matches("label");
    };
    const targets = [...open.querySelectorAll(selector)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((element) => ({ element, box: reach(element) }))
      .filter(({ box }) => box.width > 1 && box.height > 1)
      .filter(isOnTop);
    const isSmall = ({ box }: { box: DOMRect }) => box.width < LEAST - 0.01 || box.height < LEAST - 0.01;
    const isInSentence = (element: Element) => {
      const block = element.closest("p, li, dd, td, th, summary") ?? element.parentElement!;
      const others = [...block.childNodes].filter((node) => !node.contains(element));
      return getComputedStyle(element).display === "inline" && others.some((node) => /\p{L}{2}/u.test(node.textContent ?? ""));
    };
    const middle = ({ box }: { box: DOMRect }) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const isCrowded = (one: (typeof targets)[number]) => {
      const { x, y } = middle(one);
      return targets.some((other) => {
        if (other === one || other.element.contains(one.element) || one.element.contains(other.element)) return false;
        const across = Math.max(other.box.left - x, 0, x - other.box.right);
        const down = Math.max(other.box.top - y, 0, y - other.box.bottom);
        const between = Math.hypot(middle(other).x - x, middle(other).y - y);
        return Math.hypot(across, down) < LEAST / 2 - 0.01 || (isSmall(other) && between < LEAST - 0.01);
      });
    };
    return targets
      .filter((target) => isSmall(target) && !isInSentence(target.element) && isCrowded(target))
      .map(({ element, box }) => `${element.tagName.toLowerCase()} "${(element.textContent || element.getAttribute("name")) ?? ""}" ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
  });
