"""Signals per pupil: questions for a conversation, never labels and never a prediction.

``find.find_signals`` looks for them, ``attention.rank_attention`` puts pupils in an order of attention, and both answer
with a list that shows no pupil unless somebody asks for the rows (``pupils``).

Every signal that rests on chance compares a pupil with that pupil's own base, never with others: ``chance`` holds the
sums, ``patterns`` counts in whichever engine the half days are in, ``questions`` writes the sentences.

Source: the early signs in the prevention plan (phase 1, objective 7) as far as half days can show them;
``questions.NOT_IN_DATA`` lists the others.
"""
