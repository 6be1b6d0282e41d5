"""What `does_it_pay.py` is made of."""
