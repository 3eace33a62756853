"""The audit of actas: a sample of them, read again from their images by two people who do not see each other's reading.

It checks the transcription of actas, never the hand count in the room.
"""
