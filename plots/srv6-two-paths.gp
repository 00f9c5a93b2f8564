# SPDX-License-Identifier: GPL-2.0-only
# Draws the picture of ./mptcp run srv6-two-paths, as PNG and PDF. Runs in the folder of the
# results, where parameters.gp and goodput.dat are.

load "parameters.gp"

set encoding utf8
set border 3 linewidth 0.8
set xtics nomirror out scale 0.5
set ytics nomirror out scale 0.5
set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
set xrange [0:duration]
# Behind a hole, bytes wait for those that are sent again, and are then all read at once.
stats "goodput.dat" using 2 name "GOODPUT" nooutput
paths = upper_rate + lower_rate
set yrange [0:1.1 * (GOODPUT_max > paths ? GOODPUT_max : paths)]
set xlabel "Time in s"
set ylabel "Mb/s"
set key outside top center horizontal
if (dies ne "none") {
    set arrow 1 from dies_at, graph 0 to dies_at, graph 1 nohead dashtype 2 linecolor rgb "#666666"
    # Between the rates of both paths, and away from the fall and the catching up at the line.
    late = dies_at > 0.7 * duration
    beside = dies_at + (late ? -0.04 : 0.04) * duration
    if (late) {
        set label 1 dies . " router dies" at beside, paths / 2.0 right \
            textcolor rgb "#666666"
    } else {
        set label 1 dies . " router dies" at beside, paths / 2.0 left \
            textcolor rgb "#666666"
    }
}

do for [file in "png pdf"] {
    if (file eq "png") {
        set terminal pngcairo size 1200, 560 font "Sans,13" linewidth 1.6
    } else {
        set terminal pdfcairo size 7.5, 3.5 font "Sans,9" linewidth 1
    }
    set output "goodput." . file
    plot "goodput.dat" using 1:2 with lines linewidth 2 linecolor rgb "#009e73" title "goodput, in order", \
         "" using 1:3 with lines linecolor rgb "#0072b2" title "upper router, both ways: shortest path", \
         "" using 1:4 with lines dashtype 2 linecolor rgb "#d55e00" \
            title "lower router, both ways: segments", \
         ceiling with lines dashtype 3 linecolor rgb "#999999" title "payload that both can carry"
    unset output
}
