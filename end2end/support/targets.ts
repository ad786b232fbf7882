// Finds click targets that are too small (WCAG 2.5.8, Target Size).

import type { Page } from "@playwright/test";

/**
 * The targets on this page that are smaller than 24 by 24 CSS pixels, with the rule's two exceptions: a link within a
 * sentence, whose height the line determines, and a target with enough spacing that a circle of 24 pixels around its centre
 * intersects no other target and no circle of another small target.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const MIN_SIZE = 24;
    const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=menuitem], [tabindex='0']";
    const open = [...document.querySelectorAll("dialog[open], [role=dialog]")].at(-1) ?? document;
    // The label around a checkbox is part of the target.
    const hitBox = (element: Element) => (element.closest("label") ?? element).getBoundingClientRect();
    // An element covered by a menu cannot be clicked; one outside the viewport counts as visible.
    const isOnTop = ({ element, box }: { element: Element; box: DOMRect }) => {
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return !hit || element.contains(hit) || hit.contains(element) || hit.matches("label");
    };
    const targets = [...open.querySelectorAll(selector)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((element) => ({ element, box: hitBox(element) }))
      .filter(({ box }) => box.width > 1 && box.height > 1)
      .filter(isOnTop);
    const isSmall = ({ box }: { box: DOMRect }) => box.width < MIN_SIZE - 0.01 || box.height < MIN_SIZE - 0.01;
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
        return Math.hypot(across, down) < MIN_SIZE / 2 - 0.01 || (isSmall(other) && between < MIN_SIZE - 0.01);
      });
    };
    return targets
      .filter((target) => isSmall(target) && !isInSentence(target.element) && isCrowded(target))
      .map(({ element, box }) => `${element.tagName.toLowerCase()} "${(element.textContent || element.getAttribute("name")) ?? ""}" ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
  });
