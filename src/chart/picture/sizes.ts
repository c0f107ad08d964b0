/** Sizes in a picture, in pixels at normal scale. */
export const NAME_SIZE = 13;
export const WORD_SIZE = 11;
/** Line height. */
export const LINE = 14;
/** Distance between the border of a box and its text. */
export const BOX_SIDE = 14;
/** Height of a box's heading. */
export const NAME_HEIGHT = 32;
export const BOX_WIDTH = 68;
/** Around the words on an arrow. */
export const TAG_SIDE = 5;
export const TAG_TOP = 2;
/** The dot from which the first state is entered. */
export const DOT = 10;
/** Distance between the border of a picture and its content. */
export const MARGIN = 20;
/** Radius of the corners of boxes and lines. */
export const ROUND = 9;
/** Between the two borders of a final state. */
export const RIM = 4;
