// Coyote controls monitors, not yet the newer lock: in this copy of the library, one stands for the other.
global using Lock = System.Object;
