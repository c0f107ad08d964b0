/** Sizes in a picture, in its own units: pixels, where it is shown as it is. */
export const NAME_SIZE = 13;
export const WORD_SIZE = 11;
/** From one line of words to the next. */
export const LINE = 14;
/** From the border of a box to what stands in it. */
export const BOX_SIDE = 14;
/** The part of a box in which its name stands. */
export const NAME_HEIGHT = 32;
export const BOX_WIDTH = 68;
/** Around the words on an arrow. */
export const TAG_SIDE = 5;
export const TAG_TOP = 2;
/** The dot from which the first state is entered. */
export const DOT = 10;
/** From the border of a picture to what is in it. */
export const MARGIN = 20;
/** How round the corners of boxes and of lines are. */
export const ROUND = 9;
/** Between the two borders of a final state. */
export const RIM = 4;
