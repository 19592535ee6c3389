"""What makes an archive last: its place and versions, its seal, the record inside, the shelf, and the way back."""
