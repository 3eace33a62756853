"""An election's file drafted from what its source says, and looked over: nothing here decides what a person must."""
