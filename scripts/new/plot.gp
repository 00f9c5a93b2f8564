# SPDX-License-Identifier: GPL-2.0-only
# Draws NAME.png from goodput.dat and window.dat: time, first link, second link.

set terminal pngcairo size 900, 700 font "Sans,11"
set output "NAME.png"
set multiplot layout 2, 1
set key outside top center horizontal
# The same time stands under the same time.
set lmargin 9
set rmargin 3
set grid ytics linecolor rgb "#dddddd"
set ylabel "Goodput in Mb/s"
plot "goodput.dat" using 1:2 with lines linecolor rgb "#0072b2" title "first link", \
    "" using 1:3 with lines linecolor rgb "#d55e00" title "second link", \
    "" using 1:($2 + $3) with lines linecolor rgb "#009e73" title "both"
set xlabel "Time in s"
set ylabel "Congestion window in kB"
plot "window.dat" using 1:2 with lines linecolor rgb "#0072b2" title "first link", \
    "" using 1:3 with lines linecolor rgb "#d55e00" title "second link"
unset multiplot
