/// What every module's tests share: the rig of real parts, tokens, events, clocks, faults and the rules of the house.
@NullMarked
package dk.elleve.kit.test;

import org.jspecify.annotations.NullMarked;
